# High availability on Google Cloud, as Google's guides for SAP on SLES and RHEL have it (read in 2026).
profile gcp

totem token = 20000ms "live migration may pause a machine"
totem consensus = 24000ms
totem token_retransmits_before_loss_const = 10
totem join = 60
totem max_messages = 20

property fencing-timeout >= 300s "a reset through the API may take minutes"
param stonith:fence_gce pcmk_reboot_timeout = 300s
param stonith:fence_gce pcmk_monitor_retries = 4
op stonith:fence_gce monitor interval = 300s "each monitor is a call of the API, which is limited"
op stonith:fence_gce monitor timeout = 120s
op stonith:fence_gce start timeout = 60s
