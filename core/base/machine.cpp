#include "core/base/machine.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <opencv2/core/utility.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace modescope {
namespace {

/// Which logical cores share the physical one of `core`, as the kernel writes it; empty where unknown.
std::string siblings(unsigned core) {
    std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(core) +
                       "/topology/thread_siblings_list");
    std::string text;
    std::getline(file, text);
    return text;
}

/// A row of the kernel's account of this process, in bytes; 0 where there is none.
double accounted(const char* row) {
    std::ifstream file("/proc/self/status");
    std::string word;
    while (file >> word)
        if (double kilobytes = 0; word == row && file >> kilobytes) return kilobytes * 1024;
    return 0;
}

/// The control groups around the program, its own first and the machine's, or the container's, last.
std::vector<std::filesystem::path> control_groups() {
    const std::filesystem::path root = "/sys/fs/cgroup";
    std::ifstream file("/proc/self/cgroup");
    std::vector<std::filesystem::path> groups;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("0::/"))
            for (std::filesystem::path inside = line.substr(4); !inside.empty();
                 inside = inside.parent_path())
                groups.push_back(root / inside);
    groups.push_back(root);
    return groups;
}

/// Of the machine, or of what is around the program and may use less; in bytes.
double memory_there_is() {
    const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
    double least = pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
    for (const auto& group : control_groups()) {
        std::ifstream file(group / "memory.max");
        if (double most = 0; file >> most) least = std::min(least, most);
    }
    return least;
}

/// Logical cores on which the kernel may run the program.
std::vector<unsigned> allowed_cores() {
    std::vector<unsigned> cores;
#ifdef __linux__
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        for (unsigned core = 0; core < CPU_SETSIZE; ++core)
            if (CPU_ISSET(core, &allowed)) cores.push_back(core);
#endif
    if (cores.empty())
        for (unsigned core = 0; core < std::max(1u, std::thread::hardware_concurrency()); ++core)
            cores.push_back(core);
    return cores;
}

/// As many as the time that the groups around the program may use of all together keeps busy.
int cores_of_time(int most) {
    for (const auto& group : control_groups()) {
        std::ifstream file(group / "cpu.max");
        double time = 0, period = 0;  // in microseconds; "max" where there is no limit
        if (file >> time >> period && period > 0)
            most = std::min(most, static_cast<int>(std::ceil(time / period)));
    }
    return std::max(1, most);
}

}  // namespace

int logical_cores() { return cores_of_time(static_cast<int>(allowed_cores().size())); }

int physical_cores() {
    const auto logical = allowed_cores();
    std::set<std::string> groups;
    for (const unsigned core : logical) groups.insert(siblings(core));
    // Virtual machines hide which cores are siblings; half is right where it matters most.
    const bool hidden = groups.size() == logical.size() || groups.size() == 1;
    const auto physical = hidden ? logical.size() / 2 : groups.size();
    return cores_of_time(static_cast<int>(physical));
}

void use_threads(int count) {
    at::set_num_threads(count);
    // OpenBLAS keeps threads of its own, which at::set_num_threads does not know of.
    using SetThreads = void (*)(int);
    if (const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
        set(count);
}

void share_no_pictures() { cv::setNumThreads(1); }

void lower_thread_priority() {
    // On Linux the "process" of setpriority is a thread.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
}

void limit_memory_pools() {
#ifdef __GLIBC__
    ::mallopt(M_ARENA_MAX, 2);
#endif
}

void return_free_memory() {
    if (const auto release =
            reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "MallocExtension_ReleaseFreeMemory")))
        return release();  // of TCMalloc, which then is what malloc is
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

bool limit_memory() {
    constexpr double share = 0.9;  // other programs need some too
    const double most = share * memory_there_is();
    rlimit limit{};
    if (accounted("VmData:") > most || ::getrlimit(RLIMIT_DATA, &limit) != 0) return false;
    limit.rlim_cur = std::min(limit.rlim_cur, static_cast<rlim_t>(most));
    return ::setrlimit(RLIMIT_DATA, &limit) == 0;
}

double peak_megabytes() { return accounted("VmHWM:") / 1e6; }

void reset_peak_memory() { std::ofstream("/proc/self/clear_refs") << "5"; }

double resident_megabytes() {
    std::ifstream file("/proc/self/statm");
    long total = 0, resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace modescope
