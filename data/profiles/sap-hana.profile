# SAP HANA with system replication, as SUSE's guides for SAPHanaSR have it (read in 2026).
profile sap-hana

totem token = 5000ms
totem consensus = 6000ms
totem join = 60
totem max_messages = 20
totem token_retransmits_before_loss_const = 10
links >= 2
sbd watchdog = 15s
sbd msgwait >= 30s

property fencing-timeout >= 150s
rsc_defaults resource-stickiness = 1000 "a takeover has to be worth more than staying"
rsc_defaults migration-threshold = 5000 "the agents count failures by themselves"
op_defaults timeout >= 600s

op ocf:suse:SAPHanaTopology start timeout >= 600s
op ocf:suse:SAPHanaTopology stop timeout >= 300s
op ocf:suse:SAPHanaTopology monitor timeout >= 600s
op ocf:suse:SAPHana start timeout >= 3600s "loading a large database takes an hour"
op ocf:suse:SAPHana stop timeout >= 3600s
op ocf:suse:SAPHana promote timeout >= 3600s
op ocf:suse:SAPHana monitor timeout >= 700s
meta ocf:suse:SAPHana interleave = yes
meta ocf:suse:SAPHana clone-node-max = 1
param ocf:suse:SAPHana PREFER_SITE_TAKEOVER = yes
param ocf:suse:SAPHana DUPLICATE_PRIMARY_TIMEOUT = 7200s
op ocf:suse:SAPHanaController start timeout >= 3600s "loading a large database takes an hour"
op ocf:suse:SAPHanaController stop timeout >= 3600s
op ocf:suse:SAPHanaController promote timeout >= 900s
op ocf:suse:SAPHanaController monitor timeout >= 700s
meta ocf:suse:SAPHanaController interleave = yes
meta ocf:suse:SAPHanaController clone-node-max = 1
