"""IoT Hub's query language over devices and their modules.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-query-language. Built are projections,
TOP, the aggregates, GROUP BY, comparisons, AND, OR, NOT, IN, NIN, is_defined and the string and
type functions. There are no jobs to be found; arithmetic is refused.
"""
