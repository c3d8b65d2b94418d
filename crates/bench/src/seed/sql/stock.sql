-- Goods, all of them in the main warehouse and some in each bag.
INSERT INTO items (id, code, name, category, unit, serialized, min_stock, price, on_hand, low_alerted,
    search_text, created_at, updated_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :items
), goods (i, name, category) AS (
    SELECT i,
        CASE i % 4 WHEN 0 THEN 'Kabel dropcore ' WHEN 1 THEN 'Konektor SC ' WHEN 2 THEN 'Klem '
            ELSE 'Patch cord ' END || i,
        CASE i % 4 WHEN 0 THEN 'kabel' WHEN 1 THEN 'konektor' WHEN 2 THEN 'aksesori' ELSE 'patch' END
    FROM n
)
SELECT i, 'BRG-' || seed_pad(i, 4), name, category, CASE i % 4 WHEN 0 THEN 'metre' ELSE 'pcs' END,
    FALSE, 100, 1000 + 50 * i, CASE WHEN i % 20 = 0 THEN 50 ELSE 5000 END, i % 20 = 0,
    lower('brg-' || seed_pad(i, 4) || ' ' || name || ' ' || category),
    seed_time(:begin), seed_time(:begin)
FROM goods;

INSERT INTO balances (item_id, location_id, quantity, may_be_negative)
SELECT id, 1, on_hand, FALSE FROM items;

INSERT INTO balances (item_id, location_id, quantity, may_be_negative)
SELECT i.id, l.id, 20, FALSE FROM items i JOIN locations l ON l.kind = 'technician' WHERE i.id <= 20;
