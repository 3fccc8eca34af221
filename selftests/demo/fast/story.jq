# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of RFC 5949 §4.1.
# Arguments: $run, $color ("yes" or "").
include "handover_story";

tell_handover($run; $color; null)
