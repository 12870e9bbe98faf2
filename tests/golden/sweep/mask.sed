s/^(picket: note: )?[0-9]+\.[0-9] s, [0-9]+ threads?, .*/\1SPEED/
s/time="[0-9.e-]+"/time="T"/
