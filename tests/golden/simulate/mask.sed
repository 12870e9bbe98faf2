# History entries are stamped with now.
s/\b[12][0-9]{9}\b/NOW/g
