#include "core/base/machine.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <opencv2/core/utility.hpp>
#include <set>
#include <string>
#include <thread>

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

/// Of the machine, or of the container around the program if that may use less; in bytes.
double memory_there_is() {
    const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
    const double machine = pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
    std::ifstream file("/sys/fs/cgroup/memory.max");
    double container = 0;
    return file >> container ? std::min(container, machine) : machine;
}

}  // namespace

int physical_cores() {
    const unsigned logical = std::max(1u, std::thread::hardware_concurrency());
    std::set<std::string> groups;
    for (unsigned core = 0; core < logical; ++core) groups.insert(siblings(core));
    // Virtual machines hide which cores are siblings; half is right where it matters most.
    if (groups.size() == logical || groups.size() == 1) return std::max(1u, logical / 2);
    return static_cast<int>(groups.size());
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
