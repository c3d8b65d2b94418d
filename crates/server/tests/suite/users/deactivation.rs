//! Sign-out after deactivation, role change, password reset or renaming.

use reqwest::Method;
use shared::job::{AssignRequest, Job, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::live::LiveEvent;
use shared::session::{LoginRequest, SignedInUser};
use shared::technician::{Technician, TechnicianUpdate};
use shared::user::{PasswordReset, User, UserUpdate};
use shared::{ErrorCode, Page, Role};

use super::{user_path, user_record, user_update};
use crate::auth::until_refused;
use crate::harness::client::expect_problem;
use crate::harness::{
    Client, PASSWORD, TestApp, assign_job, create_job, create_technician, transition,
};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    a_deactivated_account_is_signed_out_everywhere_at_once,
    a_role_change_signs_out_and_applies_at_the_next_sign_in,
    a_password_reset_signs_out_and_requires_a_change,
    a_name_change_signs_nobody_out,
    a_deactivated_technician_gets_and_performs_no_jobs,
);

async fn listen(client: &Client) -> Socket {
    let mut socket = Socket::open(client, None).await;
    socket.wait_until_ready().await;
    socket
}

async fn hung_up(mut socket: Socket) {
    while let Some(message) = socket.next().await {
        assert!(
            !matches!(message.event, LiveEvent::UserChanged(_)),
            "an event instead of a disconnection"
        );
    }
}

async fn refresh_is_refused(app: &TestApp, client: &Client) {
    let cookie = format!("isp_refresh={}", client.refresh_cookie.clone().unwrap());
    let request = app.anonymous().request(Method::POST, "/auth/refresh").header("Cookie", cookie);
    assert_eq!(
        expect_problem(request.send().await.unwrap()).await.code,
        ErrorCode::NotAuthenticated
    );
}

async fn a_deactivated_account_is_signed_out_everywhere_at_once(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let username = cs.user.clone().unwrap().username;
    let phone = app.sign_in(&username, PASSWORD).await;
    let sockets = [listen(&cs).await, listen(&phone).await];
    let ticket: shared::session::TicketResponse = cs.post("/ws/ticket", &()).await;
    let user = user_record(&admin, &cs).await;
    let off = UserUpdate { active: false, ..user_update(&user) };
    let off: User = admin.put(&user_path(&user), user.version, &off).await;
    assert!(!off.active);
    for socket in sockets {
        hung_up(socket).await;
    }
    for device in [&cs, &phone] {
        until_refused(device).await;
        refresh_is_refused(&app, device).await;
    }
    assert!(Socket::with_ticket(&cs, &ticket.ticket, None).await.is_err());
    let login = LoginRequest { username: username.clone(), password: PASSWORD.into(), otp: None };
    let problem = app.anonymous().post_refused("/auth/login", &login).await;
    assert_eq!(problem.code, ErrorCode::InvalidCredentials);

    let on = UserUpdate { active: true, ..user_update(&off) };
    let _: User = admin.put(&user_path(&user), off.version, &on).await;
    until_refused(&cs).await;
    refresh_is_refused(&app, &phone).await;
    app.sign_in(&username, PASSWORD).await;
}

async fn a_role_change_signs_out_and_applies_at_the_next_sign_in(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let socket = listen(&cs).await;
    let user = user_record(&admin, &cs).await;
    let moved = UserUpdate { role: Role::Gudang, ..user_update(&user) };
    let _: User = admin.put(&user_path(&user), user.version, &moved).await;
    hung_up(socket).await;
    until_refused(&cs).await;
    refresh_is_refused(&app, &cs).await;
    let gudang = app.sign_in(&user.username, PASSWORD).await;
    assert_eq!(gudang.user.clone().unwrap().role, Role::Gudang);
    assert_eq!(gudang.get_refused("/customers").await.code, ErrorCode::Forbidden);
}

async fn a_password_reset_signs_out_and_requires_a_change(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let socket = listen(&cs).await;
    let user = user_record(&admin, &cs).await;
    let reset = PasswordReset { password: "Sementara-789".into() };
    let after: User = admin.post(&format!("{}/reset-password", user_path(&user)), &reset).await;
    assert!(after.must_change_password && after.version > user.version);
    hung_up(socket).await;
    until_refused(&cs).await;
    refresh_is_refused(&app, &cs).await;
    let old =
        LoginRequest { username: user.username.clone(), password: PASSWORD.into(), otp: None };
    let problem = app.anonymous().post_refused("/auth/login", &old).await;
    assert_eq!(problem.code, ErrorCode::InvalidCredentials);
    let back = app.sign_in(&user.username, "Sementara-789").await;
    assert_eq!(back.get_refused("/jobs").await.code, ErrorCode::PasswordChangeRequired);
}

async fn a_name_change_signs_nobody_out(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let user = user_record(&admin, &cs).await;
    let renamed = UserUpdate { name: "Siti Rahayu".into(), ..user_update(&user) };
    let _: User = admin.put(&user_path(&user), user.version, &renamed).await;
    let profile: SignedInUser = cs.get("/auth/profile").await;
    assert_eq!(profile.name, "Siti Rahayu");
}

async fn a_deactivated_technician_gets_and_performs_no_jobs(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let (own, open) =
        (create_job(&admin, JobType::Repair).await, create_job(&admin, JobType::Repair).await);
    assign_job(&admin, own.id, &[budi.id]).await;
    let socket = listen(&budi.client).await;
    let mut office = listen(&admin).await;
    let login = user_record(&admin, &budi.client).await;
    let off = UserUpdate { active: false, ..user_update(&login) };
    let login: User = admin.put(&user_path(&login), login.version, &off).await;
    hung_up(socket).await;
    until_refused(&budi.client).await;
    for action in [JobAction::Accept, JobAction::Claim] {
        let id = if action == JobAction::Claim { open.id } else { own.id };
        let address = format!("/jobs/{id}/transitions");
        let refused =
            budi.client.post_refused(&address, &TransitionRequest::for_action(action)).await;
        assert_eq!(refused.code, ErrorCode::NotAuthenticated);
    }
    loop {
        let message = office.next().await.unwrap();
        if let LiveEvent::TechnicianUpdated(message) = message.event {
            assert_eq!((message.id, message.active), (budi.id, false));
            break;
        }
    }
    let request = AssignRequest::for_technicians(vec![budi.id]);
    let refused = admin.post_refused(&format!("/jobs/{}/assign", open.id), &request).await;
    assert_eq!(refused.code, ErrorCode::TechnicianInactive);
    let active: Page<Technician> = admin.get("/technicians?active=true&with_total=true").await;
    assert_eq!(active.total, Some(0));
    let address = format!("/technicians/{}", budi.id);
    let shown: Technician = admin.get(&address).await;
    assert!(!shown.active);

    // Editing another field neither releases the jobs nor activates the account.
    let edit = TechnicianUpdate {
        name: "Budi S.".into(),
        phone: shown.phone.clone(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
        on_duty: false,
        active: false,
    };
    let edited: Technician = admin.put(&address, shown.version, &edit).await;
    assert_eq!((edited.name.as_str(), edited.active, edited.open_jobs), ("Budi S.", false, 1));

    let current: User = admin.get(&user_path(&login)).await;
    let on = UserUpdate { active: true, ..user_update(&current) };
    let _: User = admin.put(&user_path(&login), current.version, &on).await;
    let back = app.sign_in(&login.username, PASSWORD).await;
    let _: Job = transition(&back, own.id, JobAction::Accept).await;
}
