//! Registry of the pages and their addresses.

use super::lazy_page::Page;
use crate::page;

/// Every page. The first one that matches an address is taken: fixed words come before parameters.
pub static PAGES: &[Page] = &[
    page!("/", dashboard => DashboardPage),
    page!("/login", dashboard => DashboardPage),
    page!("/register", dashboard => DashboardPage),
    // jobs
    page!("/jobs", jobs => JobsPage),
    page!("/jobs/new", jobs::new => NewJobPage),
    page!("/jobs/:id", jobs::detail => JobPage),
    page!("/jobs/:id/edit", jobs::edit => EditJobPage),
    // customers
    page!("/customers", customers => CustomersPage),
    page!("/customers/new", customers::new => NewCustomerPage),
    page!("/customers/import", imports => ImportCustomersPage),
    page!("/customers/place", customers::place => PlaceCustomersPage),
    page!("/customers/:id", customers::detail => CustomerPage),
    page!("/customers/:id/edit", customers::edit => EditCustomerPage),
    page!("/plans", plans => PlansPage),
    // technicians
    page!("/technicians", technicians => TechniciansPage),
    page!("/technicians/new", technicians::new => NewTechnicianPage),
    page!("/technicians/:id", technicians::detail => TechnicianPage),
    page!("/technicians/:id/edit", technicians::edit => EditTechnicianPage),
    // inventory
    page!("/inventory", inventory => InventoryPage),
    page!("/inventory/new", inventory::new => NewItemPage),
    page!("/inventory/import", imports => ImportItemsPage),
    page!("/inventory/locations", inventory::locations => LocationsPage),
    page!("/inventory/movements", inventory::movements => MovementsPage),
    page!("/inventory/movements/new", inventory::movements::new => NewMovementPage),
    page!("/inventory/returns", inventory::returns => BagReturnsPage),
    page!("/inventory/returns/:id", inventory::returns::detail => BagReturnPage),
    page!("/inventory/:id", inventory::detail => ItemPage),
    page!("/inventory/:id/edit", inventory::edit => EditItemPage),
    // users, settings, profile
    page!("/users", users => UsersPage),
    page!("/users/roles", users::roles => RolesPage),
    page!("/users/:id", users::detail => UserPage),
    page!("/api-keys", api_keys => ApiKeysPage),
    page!("/api-keys/new", api_keys::new => NewApiKeyPage),
    page!("/notifications", notifications => NotificationsPage),
    page!("/audit", audit => AuditPage),
    page!("/settings", settings => SettingsPage),
    page!("/profile", profile => ProfilePage),
];

/// Registration of an account.
pub static REGISTER: Page = page!("/register", login::register => RegisterPage);

/// First account of a new installation.
pub static SETUP: Page = page!("/", login::setup => SetupPage);

/// Replacement of a temporary password.
pub static NEW_PASSWORD: Page = page!("/", login::new_password => NewPasswordPage);

/// Set-up of a second factor that the organisation requires.
pub static SECOND_FACTOR: Page = page!("/", login::second_factor => SecondFactorPage);
