CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    unit TEXT NOT NULL,
    serialized BOOLEAN NOT NULL,
    min_stock BIGINT NOT NULL CHECK (min_stock >= 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    -- Sum over all warehouses, updated in the transaction of each movement.
    on_hand BIGINT NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    -- The low-stock alert was sent and stock has not recovered since.
    low_alerted BOOLEAN NOT NULL DEFAULT FALSE,
    -- Lower case: code, name and category, for substring search.
    search_text TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX items_name ON items (name, id);
CREATE INDEX items_category ON items (category, name, id);

CREATE TABLE locations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    technician_id BIGINT UNIQUE REFERENCES technicians (id),
    CHECK ((kind = 'technician') = (technician_id IS NOT NULL))
);
INSERT INTO locations (code, name, kind) VALUES
    ('GUDANG', 'Gudang Utama', 'warehouse'),
    ('PEMASOK', 'Pemasok', 'supplier'),
    ('PELANGGAN', 'Pelanggan', 'customer'),
    ('RUSAK', 'Rusak', 'damaged'),
    ('HILANG', 'Hilang', 'lost'),
    ('KOREKSI', 'Koreksi stok', 'adjustment');

CREATE TABLE balances (
    item_id BIGINT NOT NULL REFERENCES items (id),
    location_id BIGINT NOT NULL REFERENCES locations (id),
    quantity BIGINT NOT NULL,
    -- Only locations of the outside world (suppliers, adjustments) may be negative.
    may_be_negative BOOLEAN NOT NULL,
    PRIMARY KEY (item_id, location_id),
    CHECK (may_be_negative OR quantity >= 0)
);
CREATE INDEX balances_location ON balances (location_id, item_id);

CREATE TABLE movements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    item_id BIGINT NOT NULL REFERENCES items (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    from_location_id BIGINT NOT NULL REFERENCES locations (id),
    to_location_id BIGINT NOT NULL REFERENCES locations (id),
    job_id BIGINT REFERENCES jobs (id),
    -- The movement that this one reverses; each is reversed at most once.
    reverses_id BIGINT UNIQUE REFERENCES movements (id),
    reason TEXT,
    supplier TEXT,
    invoice_number TEXT,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    CHECK (from_location_id <> to_location_id)
);
CREATE INDEX movements_item ON movements (item_id, id);
CREATE INDEX movements_from ON movements (from_location_id, id);
CREATE INDEX movements_to ON movements (to_location_id, id);
CREATE INDEX movements_kind ON movements (kind, id);
CREATE INDEX movements_job ON movements (job_id, id);
CREATE INDEX movements_created_by ON movements (created_by);
CREATE TRIGGER movements_no_update BEFORE UPDATE ON movements BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER movements_no_delete BEFORE DELETE ON movements BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TABLE units (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id BIGINT NOT NULL REFERENCES items (id),
    serial_number TEXT NOT NULL UNIQUE,
    mac_address TEXT UNIQUE,
    state TEXT NOT NULL,
    location_id BIGINT NOT NULL REFERENCES locations (id),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX units_item ON units (item_id, id);
CREATE INDEX units_location ON units (location_id, item_id);

CREATE TABLE movement_units (
    movement_id BIGINT NOT NULL REFERENCES movements (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    PRIMARY KEY (movement_id, unit_id)
);
CREATE INDEX movement_units_unit ON movement_units (unit_id, movement_id);

-- Planned materials of a job; issued and used materials are in the ledger.
CREATE TABLE job_materials (
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    item_id BIGINT NOT NULL REFERENCES items (id),
    planned BIGINT NOT NULL CHECK (planned > 0),
    PRIMARY KEY (job_id, item_id)
);
CREATE INDEX job_materials_item ON job_materials (item_id);
