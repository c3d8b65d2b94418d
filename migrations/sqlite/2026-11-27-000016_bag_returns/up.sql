-- Bag returns requested by technicians. The goods stay in the bag until the warehouse has counted them.
CREATE TABLE bag_returns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    technician_id BIGINT NOT NULL REFERENCES technicians (id),
    status TEXT NOT NULL,
    -- The warehouse that received the goods.
    location_id BIGINT REFERENCES locations (id),
    -- Why the warehouse rejected it.
    reason TEXT,
    decided_by BIGINT REFERENCES users (id),
    decided_at TIMESTAMP,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL
);
-- At most one open return per technician.
CREATE UNIQUE INDEX bag_returns_waiting ON bag_returns (technician_id) WHERE status = 'requested';
CREATE INDEX bag_returns_technician ON bag_returns (technician_id, id);
CREATE INDEX bag_returns_status ON bag_returns (status, id);
CREATE INDEX bag_returns_decided_by ON bag_returns (decided_by);
CREATE INDEX bag_returns_location ON bag_returns (location_id);

CREATE TABLE bag_return_lines (
    bag_return_id BIGINT NOT NULL REFERENCES bag_returns (id),
    item_id BIGINT NOT NULL REFERENCES items (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- One per line.
    serial_numbers TEXT NOT NULL,
    -- The quantity counted by the warehouse.
    counted BIGINT,
    counted_serial_numbers TEXT,
    PRIMARY KEY (bag_return_id, item_id),
    CHECK (counted >= 0 AND counted <= quantity)
);
CREATE INDEX bag_return_lines_item ON bag_return_lines (item_id);
