"""reviewer: the workstation for people who must look at harmful material so that others need not."""

__version__ = "0.1.0"
