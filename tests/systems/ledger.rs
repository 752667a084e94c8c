//! The statuses of the job ledger on their way through its history, on both engines.

use crate::execution::{Engine, Test, filled, on_both_engines};
use crate::project::Project;

struct Statuses;

impl Test for Statuses {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E) {
        if project.name != "job-ledger" {
            return;
        }
        let database = filled(project, create, "001_job_ledger_init");
        let mut place = "001_job_ledger_init";
        let mut go = |to: &'static str| {
            database.run(&project.script(E::DIALECT, place, to)).expect_success();
            place = to;
            let column =
                |query: &str| -> Vec<String> { database.rows(query).into_iter().flatten().flatten().collect() };
            column("SELECT status FROM job ORDER BY id").join(" ")
        };
        assert_eq!(go("3af4686817cc"), "queued succeeded failed running");
        assert_eq!(go("9c27b1e04d5a"), "queued succeeded cancelled running");
        assert_eq!(go("5d1f0a7be2c4"), "queued succeeded cancelled running");
        let new_job = "INSERT INTO job (id, kind) VALUES ('00000000-0000-0000-0000-000000000009', 'mail')";
        database.run(&format!("{new_job};")).expect_success();
        let open = "SELECT count(*) FROM open_job WHERE status = 'scheduled'";
        assert_eq!(database.rows(open), [[Some("1".to_owned())]]);
        assert_eq!(go("e91b7720d4a8"), "queued succeeded cancelled running scheduled");
        assert_eq!(go("0b7f3ce58d16"), "queued succeeded failed running scheduled");
        database.run("UPDATE job SET status = 'cancelled' WHERE kind = 'mail';").expect_failure("");
        assert_eq!(database.rows(open), [[Some("1".to_owned())]]);
        assert_eq!(go("9c27b1e04d5a"), "queued succeeded failed running queued");
        assert_eq!(go("001_job_ledger_init"), "queued succeeded failed running queued");
        database.run("UPDATE job SET status = 'whatever' WHERE kind = 'mail';").expect_success();
    }
}

#[test]
fn statuses_become_what_the_revisions_say() {
    on_both_engines("statuses", Statuses);
}
