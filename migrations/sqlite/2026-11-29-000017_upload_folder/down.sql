DROP TABLE upload_folder;
