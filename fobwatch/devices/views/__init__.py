"""The pages about devices: enrolment, my devices, a lost phone, IT's page of one device, the support table."""
