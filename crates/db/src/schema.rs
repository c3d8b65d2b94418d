//! The tables as both databases have them. A test compares this file with the migrations.
#![allow(missing_docs)]

diesel::table! {
    users (id) {
        id -> BigInt,
        username -> Text,
        name -> Text,
        role -> Text,
        active -> Bool,
        password_hash -> Text,
        must_change_password -> Bool,
        token_epoch -> BigInt,
        device_epoch -> BigInt,
        last_login_at -> Nullable<Timestamp>,
        second_factor -> Bool,
        pending -> Bool,
        search_text -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        token_hash -> Text,
        previous_hash -> Nullable<Text>,
        family_nonce -> Nullable<Text>,
        generation -> BigInt,
        rotated_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        user_agent -> Text,
        ip -> Text,
    }
}

diesel::table! {
    ws_tickets (token_hash) {
        token_hash -> Text,
        session_id -> BigInt,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    login_throttles (key) {
        key -> Text,
        failures -> Integer,
        counted_at -> Timestamp,
        blocked_until -> Timestamp,
    }
}

diesel::table! {
    login_attempts (id) {
        id -> BigInt,
        user_id -> BigInt,
        at -> Timestamp,
        ip -> Text,
        network -> Text,
        user_agent -> Text,
        outcome -> Text,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> BigInt,
        secret -> Binary,
        confirmed_at -> Nullable<Timestamp>,
        last_step -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> BigInt,
        code_hash -> Text,
    }
}

diesel::table! {
    plans (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        speed_mbps -> Integer,
        price -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    customers (id) {
        id -> BigInt,
        number -> Text,
        name -> Text,
        phone -> Text,
        second_phone -> Nullable<Text>,
        email -> Nullable<Text>,
        address -> Text,
        area -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        plan_id -> Nullable<BigInt>,
        status -> Text,
        nik -> Nullable<Binary>,
        nik_clear -> Nullable<Text>,
        odp -> Nullable<Text>,
        notes -> Nullable<Text>,
        search_text -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        nik_hash -> Nullable<Text>,
    }
}

diesel::table! {
    technicians (id) {
        id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        phone -> Text,
        base_latitude -> Nullable<Double>,
        base_longitude -> Nullable<Double>,
        last_latitude -> Nullable<Double>,
        last_longitude -> Nullable<Double>,
        last_seen_at -> Nullable<Timestamp>,
        on_duty -> Bool,
        active -> Bool,
        search_text -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    technician_skills (technician_id, skill) {
        technician_id -> BigInt,
        skill -> Text,
        level -> SmallInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        number -> Text,
        job_type -> Text,
        priority -> Text,
        status -> Text,
        held_status -> Nullable<Text>,
        title -> Text,
        description -> Nullable<Text>,
        customer_id -> BigInt,
        address -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        scheduled_start -> Nullable<Timestamp>,
        scheduled_end -> Nullable<Timestamp>,
        due_at -> Timestamp,
        sla_used_seconds -> BigInt,
        sla_running_since -> Nullable<Timestamp>,
        on_hold_reason -> Nullable<Text>,
        report -> Nullable<Text>,
        ont_serial_number -> Nullable<Text>,
        attenuation_dbm -> Nullable<Double>,
        returned_serial_number -> Nullable<Text>,
        returned_condition -> Nullable<Text>,
        created_by -> BigInt,
        completed_at -> Nullable<Timestamp>,
        search_text -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    job_technicians (job_id, technician_id) {
        job_id -> BigInt,
        technician_id -> BigInt,
        lead -> Bool,
        job_created_at -> Timestamp,
        unfinished -> Bool,
    }
}

diesel::table! {
    job_timeline (id) {
        id -> BigInt,
        job_id -> BigInt,
        kind -> Text,
        action -> Nullable<Text>,
        from_status -> Nullable<Text>,
        to_status -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        reason -> Nullable<Text>,
        detail -> Nullable<Text>,
        device_time -> Nullable<Timestamp>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        at -> Timestamp,
    }
}

diesel::table! {
    photos (id) {
        id -> BigInt,
        job_id -> BigInt,
        kind -> Text,
        file_name -> Text,
        thumbnail_name -> Text,
        sha256 -> Text,
        width -> Integer,
        height -> Integer,
        taken_at -> Nullable<Timestamp>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        uploaded_by -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    items (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        category -> Text,
        unit -> Text,
        pack_size -> Nullable<BigInt>,
        serialized -> Bool,
        min_stock -> BigInt,
        price -> BigInt,
        on_hand -> BigInt,
        low_alerted -> Bool,
        search_text -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    locations (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        kind -> Text,
        technician_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    balances (item_id, location_id) {
        item_id -> BigInt,
        location_id -> BigInt,
        quantity -> BigInt,
        may_be_negative -> Bool,
    }
}

diesel::table! {
    movements (id) {
        id -> BigInt,
        kind -> Text,
        item_id -> BigInt,
        quantity -> BigInt,
        from_location_id -> BigInt,
        to_location_id -> BigInt,
        job_id -> Nullable<BigInt>,
        reverses_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        supplier -> Nullable<Text>,
        invoice_number -> Nullable<Text>,
        created_by -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    units (id) {
        id -> BigInt,
        item_id -> BigInt,
        serial_number -> Text,
        mac_address -> Nullable<Text>,
        state -> Text,
        location_id -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    movement_units (movement_id, unit_id) {
        movement_id -> BigInt,
        unit_id -> BigInt,
    }
}

diesel::table! {
    job_materials (job_id, item_id) {
        job_id -> BigInt,
        item_id -> BigInt,
        planned -> BigInt,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    search_format (id) {
        id -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    settings (id) {
        id -> Integer,
        data -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        action -> Text,
        entity -> Text,
        entity_id -> Nullable<BigInt>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        ip -> Nullable<Text>,
        request_id -> Nullable<Text>,
        key_id -> BigInt,
        mac -> Binary,
    }
}

diesel::table! {
    upload_folder (id) {
        id -> BigInt,
        mark -> Text,
    }
}

diesel::table! {
    audit_head (id) {
        id -> BigInt,
        entries -> BigInt,
        mac -> Binary,
        key_id -> BigInt,
        seal -> Binary,
    }
}

diesel::table! {
    audit_keys (id) {
        id -> BigInt,
        encrypted -> Binary,
    }
}

diesel::table! {
    identity_photos (id) {
        id -> BigInt,
        customer_id -> Nullable<BigInt>,
        technician_id -> Nullable<BigInt>,
        file_name -> Text,
        width -> Integer,
        height -> Integer,
        uploaded_by -> BigInt,
        uploaded_at -> Timestamp,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        channel -> Text,
        user_id -> Nullable<BigInt>,
        kind -> Text,
        payload -> Text,
        job_id -> Nullable<BigInt>,
        replaces_id -> Nullable<BigInt>,
        priority -> SmallInt,
        dedupe_key -> Text,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamp,
        lease_until -> Nullable<Timestamp>,
        external_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        address -> Nullable<Text>,
        reported -> Nullable<Text>,
    }
}

diesel::table! {
    telegram_links (user_id) {
        user_id -> BigInt,
        chat_id -> BigInt,
        linked_at -> Timestamp,
        blocked_at -> Nullable<Timestamp>,
        lang -> Text,
    }
}

diesel::table! {
    telegram_link_codes (user_id) {
        user_id -> BigInt,
        code_hash -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    telegram_updates (update_id) {
        update_id -> BigInt,
        chat_id -> BigInt,
        payload -> Text,
        received_at -> Timestamp,
        attempts -> Integer,
        lease_until -> Nullable<Timestamp>,
        handled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    telegram_dialogues (chat_id) {
        chat_id -> BigInt,
        state -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    live_events (seq) {
        seq -> BigInt,
        event -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (caller, key) {
        caller -> Text,
        key -> Text,
        request_hash -> Text,
        status -> SmallInt,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        kind -> Text,
        file_name -> Text,
        status -> Text,
        started_by -> BigInt,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        row_count -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        unchanged -> BigInt,
        rejected -> BigInt,
        skipped -> BigInt,
        undone_by -> Nullable<BigInt>,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    import_rows (id) {
        id -> BigInt,
        import_id -> BigInt,
        entity_id -> BigInt,
        version -> BigInt,
        before -> Nullable<Text>,
        nik -> Nullable<Binary>,
        nik_added -> Bool,
        movement_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_mappings (kind) {
        kind -> Text,
        mapping -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    installed_devices (serial_number) {
        serial_number -> Text,
        customer_id -> BigInt,
        job_id -> BigInt,
        installed_at -> Timestamp,
    }
}

diesel::table! {
    sla_alerts (job_id, level, due_at) {
        job_id -> BigInt,
        level -> Text,
        due_at -> Timestamp,
        at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> BigInt,
        name -> Text,
        secret_hash -> Text,
        permissions -> Text,
        allowed_addresses -> Text,
        expires_at -> Nullable<Timestamp>,
        created_by -> BigInt,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        last_used_ip -> Nullable<Text>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    technician_registrations (id) {
        id -> BigInt,
        chat_id -> BigInt,
        telegram_name -> Text,
        name -> Text,
        phone -> Text,
        area -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        skills -> Text,
        photo_file -> Nullable<Text>,
        photo_width -> Nullable<Integer>,
        photo_height -> Nullable<Integer>,
        status -> Text,
        reason -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        technician_id -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> Timestamp,
        lang -> Text,
    }
}

diesel::table! {
    bag_returns (id) {
        id -> BigInt,
        technician_id -> BigInt,
        status -> Text,
        location_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    bag_return_lines (bag_return_id, item_id) {
        bag_return_id -> BigInt,
        item_id -> BigInt,
        quantity -> BigInt,
        serial_numbers -> Text,
        counted -> Nullable<BigInt>,
        counted_serial_numbers -> Nullable<Text>,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(ws_tickets -> sessions (session_id));
diesel::joinable!(login_attempts -> users (user_id));
diesel::joinable!(second_factors -> users (user_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::joinable!(customers -> plans (plan_id));
diesel::joinable!(technicians -> users (user_id));
diesel::joinable!(technician_skills -> technicians (technician_id));
diesel::joinable!(jobs -> customers (customer_id));
diesel::joinable!(jobs -> users (created_by));
diesel::joinable!(job_technicians -> jobs (job_id));
diesel::joinable!(job_technicians -> technicians (technician_id));
diesel::joinable!(job_timeline -> jobs (job_id));
diesel::joinable!(job_timeline -> users (actor_id));
diesel::joinable!(photos -> jobs (job_id));
diesel::joinable!(photos -> users (uploaded_by));
diesel::joinable!(locations -> technicians (technician_id));
diesel::joinable!(balances -> items (item_id));
diesel::joinable!(balances -> locations (location_id));
diesel::joinable!(movements -> items (item_id));
diesel::joinable!(movements -> jobs (job_id));
diesel::joinable!(movements -> users (created_by));
diesel::joinable!(units -> items (item_id));
diesel::joinable!(units -> locations (location_id));
diesel::joinable!(movement_units -> movements (movement_id));
diesel::joinable!(movement_units -> units (unit_id));
diesel::joinable!(job_materials -> jobs (job_id));
diesel::joinable!(job_materials -> items (item_id));
diesel::joinable!(bag_return_lines -> items (item_id));
diesel::joinable!(identity_photos -> customers (customer_id));
diesel::joinable!(identity_photos -> technicians (technician_id));
diesel::joinable!(identity_photos -> users (uploaded_by));

diesel::joinable!(installed_devices -> customers (customer_id));
diesel::joinable!(installed_devices -> jobs (job_id));
diesel::joinable!(sla_alerts -> jobs (job_id));
diesel::joinable!(api_keys -> users (created_by));
diesel::joinable!(outbox -> users (user_id));
diesel::joinable!(outbox -> jobs (job_id));
diesel::joinable!(telegram_links -> users (user_id));
diesel::joinable!(telegram_link_codes -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    upload_folder,
    sessions,
    ws_tickets,
    login_throttles,
    login_attempts,
    second_factors,
    recovery_codes,
    plans,
    customers,
    technicians,
    technician_skills,
    jobs,
    job_technicians,
    job_timeline,
    photos,
    items,
    locations,
    balances,
    movements,
    units,
    movement_units,
    job_materials,
    bag_returns,
    bag_return_lines,
    counters,
    settings,
    imports,
    import_rows,
    import_mappings,
    installed_devices,
    sla_alerts,
    audit,
    audit_head,
    audit_keys,
    identity_photos,
    outbox,
    telegram_links,
    telegram_link_codes,
    telegram_updates,
    technician_registrations,
    telegram_dialogues,
    leases,
    live_events,
    idempotency_keys,
    api_keys,
);
