DROP TABLE bag_return_lines;
DROP TABLE bag_returns;
