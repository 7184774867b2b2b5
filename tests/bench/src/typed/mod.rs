//! What `keyward types --as rust` writes, as a server would keep it. In: nothing. Out: the struct of after_hours, and requests of
//! it. A test makes the file again and compares.

#[allow(dead_code, reason = "a policy's whole vocabulary, of which the measurements use a part")]
#[allow(clippy::enum_variant_names, reason = "the names are the policy's")]
pub mod after_hours;

use crate::Failure;
use after_hours::{
    AfterHoursAccess, AfterHoursAnswers, BoxLink, DesignatedContact, KeySensitivity, Method, OrgApproverFor,
    OrgSupervisorStep, OrgUserPickup2fa, OrgWithoutSupervisor, PersonMobile, ProfileReturnRule, Request, SmsGateway,
    SupervisorContact,
};
use keyward_tests::corpus::Sequence;

/// Unpredictable requests in which everything is known and nothing contradicts itself.
pub fn requests(count: usize) -> Vec<Request> {
    let mut sequence = Sequence::new(7);
    let mut draw = move |bound: u64| sequence.below(bound);
    (0..count)
        .map(|_| {
            let mut yes = || draw(2) == 1;
            let mut one = [(); 20].map(|()| yes());
            one[0] = false;
            Request {
                person_id: draw(50) as u32,
                person_suspended: one[0] && one[1],
                person_has_pin: one[2],
                person_mobile: PersonMobile::from_number(draw(3) as u32).unwrap_or(PersonMobile::Missing),
                person_email: one[3],
                person_authenticator: one[4],
                break_glass_holders: false,
                method: Method::from_number(draw(6) as u32).unwrap_or(Method::Badge),
                app_passed_login_2fa: false,
                app_session_age: None,
                key_sensitivity: KeySensitivity::from_number(draw(3) as u32).unwrap_or(KeySensitivity::Normal),
                box_link: BoxLink::Online,
                sms_gateway: SmsGateway::Working,
                org_user_pickup_2fa: OrgUserPickup2fa::Otp,
                org_allows_email_codes: one[5],
                org_accepts_new_numbers: one[6],
                org_uses_authenticators: one[7],
                reason_given: one[8],
                reason_emergency: false,
                now: (20_454 + draw(365) as i32, draw(1_440) as u16),
                opening_hours: false,
                person_fingerprint: one[10],
                person_badge: true,
                profile_after_hours_eligible: one[11],
                profile_factor_kinds: 1 + draw(3) as u8,
                profile_return_rule: ProfileReturnRule::from_number(draw(4) as u32)
                    .unwrap_or(ProfileReturnRule::NoRule),
                booking_in_window: one[12],
                key_approvers: draw(3) as u8,
                reason_in_procedure: one[8] && one[13],
                supervisor_contact: SupervisorContact::from_number(draw(3) as u32)
                    .unwrap_or(SupervisorContact::Missing),
                designated_contact: DesignatedContact::from_number(draw(3) as u32)
                    .unwrap_or(DesignatedContact::Missing),
                org_supervisor_step: OrgSupervisorStep::Notify,
                org_without_supervisor: OrgWithoutSupervisor::GoOn,
                org_approver_for: OrgApproverFor::NoKeys,
                after_hours_people: one[14],
                barred_people: false,
            }
        })
        .collect()
}

/// Reads the answers of an outcome, as a host does.
pub fn allowed(outcome: &[u8]) -> Result<bool, Failure> {
    let mut words = [0; 14];
    let (four, _) = outcome.get(4..).unwrap_or_default().as_chunks();
    for (word, four) in words.iter_mut().zip(four) {
        *word = u32::from_le_bytes(*four);
    }
    let answers = AfterHoursAnswers::read(&words[..four.len().min(words.len())]);
    Ok(answers.ok_or("an outcome that is not of after_hours")?.access == AfterHoursAccess::Allowed)
}
