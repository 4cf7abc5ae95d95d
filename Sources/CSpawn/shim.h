// Calls of glibc 2.34 and later that its headers show to _GNU_SOURCE only, which Swift does not set.
#ifndef CONJECTURE_CSPAWN_H
#define CONJECTURE_CSPAWN_H

#include <spawn.h>

int pipe2(int ends[_Nonnull 2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *_Nonnull actions, int from);

#endif
