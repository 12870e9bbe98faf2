# High availability on Azure, as Microsoft's guides for Pacemaker on SLES and RHEL have it (read in 2026).
profile azure

totem token = 30000ms "a host may pause a machine for up to 30 seconds while it is serviced"
totem consensus = 36000ms
totem token_retransmits_before_loss_const = 10
totem join = 60
totem max_messages = 20
quorum two_node = yes where stonith:fence_azure_arm

property fencing-timeout >= 900s where stonith:fence_azure_arm "switching a machine off through the API may take minutes"
property fencing-timeout >= 144s where stonith:fence_sbd
property concurrent-fencing = yes where stonith:fence_azure_arm
param stonith:fence_azure_arm pcmk_reboot_timeout = 900s
param stonith:fence_azure_arm power_timeout = 240s
param stonith:fence_azure_arm pcmk_monitor_retries = 4
param stonith:fence_azure_arm pcmk_action_limit = 3
param stonith:fence_azure_arm pcmk_delay_max = 15s
op stonith:fence_azure_arm monitor interval = 3600s "each monitor is a call of the API, which is limited"
op stonith:fence_azure_arm monitor timeout = 120s

sbd watchdog = 60s
sbd msgwait = 120s

op ocf:heartbeat:azure-lb monitor interval = 10s
meta ocf:heartbeat:azure-events-az allow-unhealthy-nodes = yes "else the agent cannot tell that the node is well again"
