"""Open Referral HSDS: reading packages of its versions 1 and 3, writing version 3, and a check of what is written."""
