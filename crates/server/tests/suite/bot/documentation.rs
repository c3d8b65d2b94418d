//! Agreement of `docs/BOT.md` with the recorded conversations.

const DOCUMENT: &str = include_str!("../../../../../docs/BOT.md");
const RECORDS: [&str; 3] = [
    include_str!("technician/snapshots/suite__bot__technician__job_workflow__installation.snap"),
    include_str!("registration/snapshots/suite__bot__registration__application__applicant.snap"),
    include_str!("admin/snapshots/suite__bot__admin__office_commands__admin.snap"),
];

#[test]
fn the_document_shows_three_conversations_word_for_word() {
    for record in RECORDS {
        let (_, story) = record.rsplit_once("\n---\n").unwrap();
        let shown = format!("```text\n{}\n```", story.trim_end_matches('\n'));
        assert!(DOCUMENT.contains(&shown), "docs/BOT.md differs from this record:\n{story}");
    }
}
