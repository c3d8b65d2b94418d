INSERT INTO plans (id, code, name, speed_mbps, price, created_at, updated_at)
VALUES (1, 'R20', 'Rumah 20', 20, 175000, seed_time(:begin), seed_time(:begin)),
       (2, 'R50', 'Rumah 50', 50, 250000, seed_time(:begin), seed_time(:begin)),
       (3, 'R100', 'Rumah 100', 100, 350000, seed_time(:begin), seed_time(:begin)),
       (4, 'U100', 'Usaha 100', 100, 600000, seed_time(:begin), seed_time(:begin));
