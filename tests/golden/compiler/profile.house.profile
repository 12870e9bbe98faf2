# The rules of a house.
profile house
transport = knet "the switches drop nothing else"
totem token >= 5s
links >= 2
property no-quorum-policy = stop
rsc_defaults resource-stickiness >= 1
op stonith:* monitor interval >= 60s "boards are slow"
meta ocf:pacemaker:Dummy target-role != stopped
