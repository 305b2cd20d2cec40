#ifndef COMPUTESDK_PROVIDERS_LOCAL_MARKED_PROCESSES_H_
#define COMPUTESDK_PROVIDERS_LOCAL_MARKED_PROCESSES_H_

#include <string>

namespace computesdk::local {

// Ends every process of this user that was started with the variable `mark` ("NAME=value"), and
// every process in a session of such a one; returns once they are dead, or after two seconds.
//
// Why a variable and no list of process ids on disk: children inherit it whatever session or group
// they move to, it says nothing wrong once an id is given out again, and a process that was killed
// itself need not have written it down. A process that left its session *and* cleared its
// environment is not found: that takes a cgroup, which takes rights that a local user may not have.
void KillMarkedProcesses(const std::string& mark);

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_MARKED_PROCESSES_H_
