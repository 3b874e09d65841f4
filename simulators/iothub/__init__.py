"""A simulated Azure IoT Hub that unmodified SDKs cannot tell from the real one."""
