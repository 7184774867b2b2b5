/* Keyward on a lock box. A policy is decided where it lies in flash: no heap, no engine. Anything odd is answered with a
 * status other than KW_OK and, where there is such a decision, with its `if unsure` record: the bin stays shut.
 *
 * Requests and outcomes are the structs that `keyward types --as c FILE` writes; little-endian machines only. */
#ifndef KEYWARD_H
#define KEYWARD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a decision ended. */
enum {
  KW_OK = 0,
  KW_UNSURE_MISSING = 1,
  KW_UNSURE_INVALID = 2,
  KW_SCHEMA_MISMATCH = 3,
  KW_DUTY_UNSUPPORTED = 4
};

/* Why a policy was not opened. */
enum {
  KW_OPENED = 0,
  KW_NOT_A_POLICY = 1,
  KW_DAMAGED = 2,
  KW_TOO_LARGE = 3, /* for the checker's 1,600 bytes of stack: nodes may reach to byte 12,800 of the table */
  KW_NO_POINTER = 4
};

/* A policy that was opened; valid as long as its bytes stay where they are. */
typedef struct {
  const uint8_t *table;
  uint32_t length;
} kw_policy;

/* Checks a module (or the table of one) and opens it. On failure `policy` is empty, and decides nothing. */
uint32_t kw_open(kw_policy *policy, const uint8_t *bytes, uint32_t length);

/* What requests start with; compare it with KW_…_SCHEMA of the header you compiled with. */
uint32_t kw_schema(const kw_policy *policy);

/* Bytes of an outcome; 0 if there is no such decision. */
uint32_t kw_outcome_length(const kw_policy *policy, uint32_t decision);

/* Decides; gives the status. Complete requests only: with flags that say otherwise it is KW_UNSURE_MISSING. Writes nothing
 * unless `outcome_length` bytes are enough. Never reads or writes outside of what it is given. */
uint32_t kw_decide(const kw_policy *policy, uint32_t decision, const void *request, uint32_t request_length,
                   void *outcome, uint32_t outcome_length);

#ifdef __cplusplus
}
#endif

#endif
