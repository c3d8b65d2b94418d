DROP TABLE installed_devices;
