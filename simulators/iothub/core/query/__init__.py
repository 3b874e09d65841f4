"""IoT Hub's query language over devices.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-query-language. Built are projections,
TOP, COUNT, comparisons, AND, OR, NOT, IN, NIN, is_defined and the string functions; GROUP BY, the
other aggregates, jobs and modules are refused as not simulated.
"""
