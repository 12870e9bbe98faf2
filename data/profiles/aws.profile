# High availability on AWS, as the guides of AWS and SUSE for SAP have it (read in 2026).
profile aws

totem token = 30000ms "the network of a region may pause"
totem consensus = 36000ms
totem token_retransmits_before_loss_const = 6
totem join = 60
totem max_messages = 20
links >= 2 "a second address in the same network card costs nothing"

property fencing-timeout >= 600s "stopping an instance through the API may take minutes"
param stonith:external/ec2 pcmk_delay_max >= 15s
param stonith:fence_aws pcmk_reboot_timeout = 600s
param stonith:fence_aws power_timeout = 240s
param stonith:fence_aws pcmk_reboot_retries = 4
param stonith:fence_aws pcmk_delay_max >= 15s
op stonith:fence_aws monitor interval = 300s "each monitor is a call of the API, which is limited"
op ocf:heartbeat:aws-vpc-move-ip monitor interval = 60s
op ocf:heartbeat:aws-vpc-move-ip monitor timeout = 60s
