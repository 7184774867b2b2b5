/* A box at night: reads a module, decides one request, opens the bin or not. */
#include <stdio.h>
#include <stdlib.h>
#include "keyward.h"
#include "after_hours.h"

int main(int count, char **words) {
  static uint8_t module[65536];
  FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;
  uint32_t length = file ? (uint32_t)fread(module, 1, sizeof module, file) : 0;

  kw_policy policy;
  uint32_t opened = kw_open(&policy, module, length);
  if (opened != KW_OPENED || kw_schema(&policy) != KW_AFTER_HOURS_SCHEMA) {
    printf("shut: the policy cannot be used (%u)\n", opened);
    return 1;
  }
  kw_after_hours_request request = {
    .schema = KW_AFTER_HOURS_SCHEMA,
    .now_day = 20781, /* 2026-11-24 */
    .now_minute = 23 * 60 + 30,
    .app_session_age = 0xffff, /* no session */
    .person_id = 1,
    .person_has_pin = 1, .person_badge = 1, .person_email = 1,
    .person_mobile = KW_AFTER_HOURS_PERSON_MOBILE_VERIFIED,
    .method = KW_AFTER_HOURS_METHOD_BADGE,
    .profile_after_hours_eligible = 1, .profile_factor_kinds = 2,
    .profile_return_rule = KW_AFTER_HOURS_PROFILE_RETURN_RULE_WITHIN_A_DAY,
    .reason_given = 1, .reason_in_procedure = 1,
    .org_allows_email_codes = 1, .org_accepts_new_numbers = 1,
    .org_user_pickup_2fa = KW_AFTER_HOURS_ORG_USER_PICKUP_2FA_OTP,
  };
  kw_after_hours_after_hours_answers answers;
  uint32_t status = kw_decide(&policy, 0, &request, KW_AFTER_HOURS_SHORT, &answers, sizeof answers);
  int open = status == KW_OK && answers.access == KW_AFTER_HOURS_AFTER_HOURS_ACCESS_ALLOWED;
  printf("%s: status %u, %u kinds of proof, back within %u minutes\n", open ? "open" : "shut", status, answers.kinds + 1,
         answers.return_within);
  return open ? 0 : 1;
}
