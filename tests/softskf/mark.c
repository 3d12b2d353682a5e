/* By this a library is known for what it is, loaded or on a disk. */
#include "softskf.h"

SKF_API extern const char softskf_for_tests_only[];
const char softskf_for_tests_only[] = "softskf: for tests only; its keys lie open in a folder";
