"""The service REST API, api-version 2021-04-12, as the service SDKs call it.

https://learn.microsoft.com/rest/api/iothub/. The SDKs are strict about success codes and print only
the reason phrase of an error, so both are Azure's.
"""
