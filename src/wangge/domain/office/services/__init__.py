"""Every write of the office: notices, mail, hand-over lists."""
