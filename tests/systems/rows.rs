//! Rows of each system at its first revision, as its application would have written them.

/// Statements that both engines understand.
pub fn seed(project: &str) -> &'static str {
    match project {
        "job-ledger" => {
            "INSERT INTO job (id, kind, status, payload, attempts, error) VALUES
                ('00000000-0000-0000-0000-000000000001', 'mail', 'QUEUED', '{\"to\": \"ann\"}', 0, NULL),
                ('00000000-0000-0000-0000-000000000002', 'mail', 'done', '{}', 1, NULL),
                ('00000000-0000-0000-0000-000000000003', 'mail', 'error', '{}', 3, 'cancelled by ann'),
                ('00000000-0000-0000-0000-000000000004', 'mail', 'in_progress', '{}', 1, NULL);
            INSERT INTO job_event (job_id, message) VALUES
                ('00000000-0000-0000-0000-000000000002', 'sent'),
                ('00000000-0000-0000-0000-000000000002', 'it''s read'),
                ('00000000-0000-0000-0000-000000000003', 'gone');"
        }
        "podcast-availability" => {
            "INSERT INTO job (id, status) VALUES ('j1', 'done'), ('j2', 'queued');
            INSERT INTO episodeavailability (slug, season, episode, language, height, checked_at) VALUES
                ('a-show', 1, 1, 'en', 1080, '2026-01-01 00:00:00'),
                ('a-show', 1, 1, 'de', 720, '2026-01-02 00:00:00'),
                ('a-show', 1, 2, 'en', NULL, '2026-01-03 00:00:00');
            INSERT INTO clienttask (hash, job_id, slug, season, episode) VALUES
                ('h1', 'j1', 'a-show', 1, 1), ('h2', NULL, 'a-show', 1, 2);"
        }
        "media-library" => {
            "INSERT INTO file_entries (path, size) VALUES ('/a.mkv', 10), ('/b''s.mkv', 20), ('/c.mkv', 0);
            DELETE FROM file_entries WHERE path = '/c.mkv';"
        }
        "token-service" => {
            "INSERT INTO users (id, email, password_hash) VALUES
                ('00000000-0000-0000-0000-000000000001', 'ann@example.com', 'x');
            INSERT INTO tokens (id, user_id, provider, secret) VALUES
                ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'p', 'abc');
            INSERT INTO sessions (id, user_id, token_id) VALUES
                ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001',
                 '00000000-0000-0000-0000-000000000002');"
        }
        "market-data" => {
            "INSERT INTO rate_snapshots (provider, base_currency, quote_currency, rate, timestamp) VALUES
                ('ecb', 'USD', 'DOP', 58.25, '2026-01-01T00:00:00'),
                ('bank', 'USD', 'DOP', 58.5, '2026-01-01T00:05:00'),
                ('ecb', 'USD', 'DOP', 58.3, '2026-01-01T00:10:00');
            INSERT INTO trades (timestamp, action, amount, rate, snapshot_id) VALUES
                ('2026-01-01T00:06:00', 'buy', 100.0, 58.5, 2);
            INSERT INTO feature_store (timestamp, horizon_minutes, feature_version, features) VALUES
                ('2026-01-01T00:00:00', 60, 'v1', '{\"x\": 1.0}');"
        }
        other => panic!("no rows for {other}"),
    }
}

/// Queries whose rows must be the same before a change and after it, and after its way back.
pub fn kept(project: &str) -> &'static [&'static str] {
    match project {
        "job-ledger" => &[
            "SELECT id, kind, attempts, error FROM job ORDER BY id",
            "SELECT id, job_id, message FROM job_event ORDER BY id",
        ],
        "podcast-availability" => &[
            "SELECT slug, season, episode, language, height FROM episodeavailability ORDER BY 1, 2, 3, 4",
            "SELECT hash, job_id, slug FROM clienttask ORDER BY hash",
        ],
        "media-library" => &["SELECT id, path, size FROM file_entries ORDER BY id"],
        "token-service" => &[
            "SELECT id, email FROM users WHERE email <> 'demo@example.com' ORDER BY id",
            "SELECT id, user_id, status FROM tokens WHERE provider <> 'demo' ORDER BY id",
            "SELECT id, user_id, token_id FROM sessions ORDER BY id",
        ],
        "market-data" => &[
            "SELECT id, base_currency, rate, timestamp FROM rate_snapshots ORDER BY id",
            "SELECT id, amount, snapshot_id FROM trades ORDER BY id",
            "SELECT features FROM feature_store",
        ],
        other => panic!("no queries for {other}"),
    }
}
