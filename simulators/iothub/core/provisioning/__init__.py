"""The Device Provisioning Service beside the hub: who may enrol, and at which hub.

https://learn.microsoft.com/azure/iot-dps/
"""
