//! Every endpoint of the API, one line each: method, path, handler and, where it is not the general
//! one, the rate limit.

use actix_web::http::Method;

use crate::endpoint::{Endpoint, endpoints};
use crate::middleware::rate_limits::RateLimitClass;
use crate::resources::inventory::{bag_returns, items, locations, movements};
use crate::resources::{
    api_keys, audit, auth, customers, dashboard, identity_photos, imports, jobs, map,
    notifications, photos, plans, roles, second_factor, sessions, settings, signup,
    technician_registrations, technicians, telegram_link, telegram_webhook, users, websocket,
};

endpoints! {
    // Sign-in and the own account
    POST   "/api/auth/login" => auth::login, rate_limit: SignIn;
    GET    "/api/auth/logins" => sessions::login_history;
    POST   "/api/auth/logout" => auth::logout;
    GET    "/api/auth/options" => signup::get_options;
    PUT    "/api/auth/password" => auth::change_password;
    GET    "/api/auth/profile" => auth::get_profile;
    PUT    "/api/auth/profile" => auth::update_profile;
    POST   "/api/auth/refresh" => auth::refresh, rate_limit: Refresh;
    POST   "/api/auth/register" => signup::register, rate_limit: SignUp;
    GET    "/api/auth/second-factor" => second_factor::status;
    POST   "/api/auth/second-factor/confirm" => second_factor::confirm;
    POST   "/api/auth/second-factor/disable" => second_factor::disable;
    POST   "/api/auth/second-factor/recovery-codes" => second_factor::renew_recovery_codes;
    POST   "/api/auth/second-factor/setup" => second_factor::start_setup;
    GET    "/api/auth/sessions" => sessions::list;
    DELETE "/api/auth/sessions" => sessions::revoke_others;
    DELETE "/api/auth/sessions/{id}" => sessions::revoke;
    POST   "/api/auth/setup" => signup::create_first_user, rate_limit: SignUp;
    GET    "/api/auth/telegram" => telegram_link::status;
    DELETE "/api/auth/telegram" => telegram_link::unlink;
    POST   "/api/auth/telegram/code" => telegram_link::issue_code;

    // User accounts and API keys
    GET    "/api/users" => users::list;
    POST   "/api/users" => users::create;
    GET    "/api/users/{id}" => users::get;
    PUT    "/api/users/{id}" => users::update;
    POST   "/api/users/{id}/approve" => users::approve;
    POST   "/api/users/{id}/reject" => users::reject;
    POST   "/api/users/{id}/reset-password" => users::reset_password;
    POST   "/api/users/{id}/reset-second-factor" => users::reset_second_factor;
    DELETE "/api/users/{id}/telegram" => telegram_link::unlink_user;
    GET    "/api/roles" => roles::list;
    GET    "/api/api-keys" => api_keys::list;
    POST   "/api/api-keys" => api_keys::create;
    DELETE "/api/api-keys/{id}" => api_keys::revoke;

    // Customers and plans
    GET    "/api/customers" => customers::list;
    POST   "/api/customers" => customers::create;
    POST   "/api/customers/import" => imports::import_customers;
    POST   "/api/customers/import/columns" => imports::customer_columns;
    POST   "/api/customers/import/rejected-rows" => imports::rejected_customers;
    GET    "/api/customers/imports" => imports::list_customer_imports;
    POST   "/api/customers/imports/{id}/undo" => imports::undo_customer_import;
    POST   "/api/customers/similar" => customers::list_similar;
    GET    "/api/customers/{id}" => customers::get;
    PUT    "/api/customers/{id}" => customers::update;
    GET    "/api/customers/{id}/identity-photo" => identity_photos::get_customer;
    PUT    "/api/customers/{id}/identity-photo" => identity_photos::put_customer;
    DELETE "/api/customers/{id}/identity-photo" => identity_photos::delete_customer;
    GET    "/api/customers/{id}/jobs" => jobs::list_of_customer;
    GET    "/api/customers/{id}/nik" => customers::get_nik;
    GET    "/api/plans" => plans::list;
    POST   "/api/plans" => plans::create;
    GET    "/api/plans/{id}" => plans::get;
    PUT    "/api/plans/{id}" => plans::update;

    // Technicians
    GET    "/api/technicians" => technicians::list;
    POST   "/api/technicians" => technicians::create;
    GET    "/api/technicians/{id}" => technicians::get;
    PUT    "/api/technicians/{id}" => technicians::update;
    GET    "/api/technicians/{id}/identity-photo" => identity_photos::get_technician;
    PUT    "/api/technicians/{id}/identity-photo" => identity_photos::put_technician;
    DELETE "/api/technicians/{id}/identity-photo" => identity_photos::delete_technician;
    GET    "/api/technician-registrations" => technician_registrations::list;
    POST   "/api/technician-registrations/{id}/approve" => technician_registrations::approve;
    GET    "/api/technician-registrations/{id}/identity-photo" => technician_registrations::get_identity_photo;
    POST   "/api/technician-registrations/{id}/reject" => technician_registrations::reject;

    // Jobs and their photos
    GET    "/api/jobs" => jobs::list;
    POST   "/api/jobs" => jobs::create;
    GET    "/api/jobs/{id}" => jobs::get;
    PUT    "/api/jobs/{id}" => jobs::update;
    POST   "/api/jobs/{id}/assign" => jobs::assign;
    GET    "/api/jobs/{id}/candidates" => jobs::list_candidates;
    GET    "/api/jobs/{id}/materials" => jobs::list_materials;
    GET    "/api/jobs/{id}/photos" => photos::list;
    POST   "/api/jobs/{id}/photos" => photos::add;
    GET    "/api/jobs/{id}/timeline" => jobs::get_timeline;
    POST   "/api/jobs/{id}/transitions" => jobs::transition;
    GET    "/api/photos/{id}/file" => photos::file;
    GET    "/api/photos/{id}/thumbnail" => photos::thumbnail;

    // Warehouse
    GET    "/api/inventory" => items::list;
    POST   "/api/inventory" => items::create;
    POST   "/api/inventory/adjustments" => movements::adjust;
    GET    "/api/inventory/bag-returns" => bag_returns::list;
    POST   "/api/inventory/bag-returns" => bag_returns::request;
    GET    "/api/inventory/bag-returns/{id}" => bag_returns::get;
    POST   "/api/inventory/bag-returns/{id}/confirm" => bag_returns::confirm;
    POST   "/api/inventory/bag-returns/{id}/reject" => bag_returns::reject;
    POST   "/api/inventory/bag-returns/{id}/withdraw" => bag_returns::withdraw;
    POST   "/api/inventory/import" => imports::import_items;
    POST   "/api/inventory/import/columns" => imports::item_columns;
    POST   "/api/inventory/import/rejected-rows" => imports::rejected_items;
    GET    "/api/inventory/imports" => imports::list_item_imports;
    POST   "/api/inventory/imports/{id}/undo" => imports::undo_item_import;
    POST   "/api/inventory/issues" => movements::issue;
    GET    "/api/inventory/low-stock" => items::list_low_stock;
    GET    "/api/inventory/movements" => movements::list;
    POST   "/api/inventory/movements/{id}/reversal" => movements::reverse;
    POST   "/api/inventory/receipts" => movements::receive;
    POST   "/api/inventory/returns" => movements::return_stock;
    POST   "/api/inventory/transfers" => movements::transfer;
    POST   "/api/inventory/usage" => movements::consume;
    GET    "/api/inventory/{id}" => items::get;
    PUT    "/api/inventory/{id}" => items::update;
    GET    "/api/inventory/{id}/units" => items::list_units;
    GET    "/api/locations" => locations::list;
    POST   "/api/locations" => locations::create;
    GET    "/api/locations/{id}/stock" => locations::list_stock;

    // Overview, messages, audit and settings
    GET    "/api/dashboard" => dashboard::get;
    GET    "/api/notifications" => notifications::list;
    POST   "/api/notifications/{id}/retry" => notifications::retry;
    GET    "/api/audit" => audit::list;
    GET    "/api/audit/export" => audit::export;
    GET    "/api/map" => map::get;
    GET    "/api/settings" => settings::get;
    PUT    "/api/settings" => settings::update;

    // Live events and Telegram
    GET    "/api/ws" => websocket::connect;
    POST   "/api/ws/ticket" => auth::create_ws_ticket;
    POST   "/api/telegram/webhook" => telegram_webhook::receive_update, rate_limit: TelegramWebhook;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::openapi::operations::with_methods;

    #[test]
    fn each_line_names_the_method_and_path_of_its_handler() {
        for (method, path, mut document) in documents() {
            let (documented_path, item) = document.paths.paths.iter_mut().next().unwrap();
            let (documented_method, _) = with_methods(item).next().unwrap();
            assert_eq!((documented_method, documented_path.as_str()), (method, path));
        }
    }

    #[test]
    fn each_method_of_a_path_is_listed_once() {
        let mut seen = HashSet::new();
        for Endpoint { method, path, .. } in endpoints() {
            assert!(seen.insert((method.clone(), path)), "{method} {path}");
        }
    }

    #[test]
    fn all_methods_of_a_path_have_the_same_rate_limit() {
        let endpoints = endpoints();
        for endpoint in &endpoints {
            let same_path = endpoints.iter().filter(|it| it.path == endpoint.path);
            assert!(same_path.clone().all(|it| it.rate_limit == endpoint.rate_limit));
        }
    }
}
