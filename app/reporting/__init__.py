"""Dashboard, open data and PDF reports: functions of a release."""
