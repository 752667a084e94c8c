CREATE TABLE IF NOT EXISTS {{ table }} (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT {{ constraint }} PRIMARY KEY (version_num)
);
