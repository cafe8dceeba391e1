#include "core/training/processes.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/number.h"

// CMake says where Gloo's headers are; official LibTorch defines what it was itself built with.
#ifdef MODESCOPE_GLOO
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#if defined(USE_C10D_NCCL) && __has_include(<nccl.h>)
#define MODESCOPE_NCCL
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#endif

namespace modescope {

using torch::Tensor;

namespace {

constexpr int most_processes = 65536;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string needed(const char* name) {
    const auto value = variable(name);
    if (value.empty())
        throw Error(fmt::format(
            "The environment variable {} is missing: set it for every process of the training.", name));
    return value;
}

/// A whole number in least .. most.
int number(const char* name, int least, int most) {
    const auto text = needed(name);
    const auto value = parse_number(text);
    if (!value || *value != std::floor(*value) || *value < least || *value > most)
        throw Error(fmt::format("The environment variable {} is \"{}\"; it must be a number in {} .. {}.",
                                name, text, least, most));
    return static_cast<int>(*value);
}

/// Which process this is, and where all of them meet.
struct Place {
    std::string address;
    int port, rank, count;
};

/// torchrun listens at MASTER_PORT itself, and only to programs of its own version.
int meeting_port() {
    const int taken = variable("TORCHELASTIC_USE_AGENT_STORE") == "True" ? 1 : 0;
    return number("MASTER_PORT", 1, 65535 - taken) + taken;
}

/// The same on every machine and for every standard library (FNV-1a).
std::int64_t digest(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3u;
    return static_cast<std::int64_t>(hash);
}

#ifdef MODESCOPE_GLOO

/// Longer than it takes to write a large checkpoint, for which the others wait.
constexpr std::chrono::minutes patience{10};

c10d::TCPStoreOptions store_options(const Place& place) {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(place.port);
    options.isServer = place.rank == 0;
    options.numWorkers = static_cast<std::size_t>(place.count);
    options.timeout = patience;
    // LibTorch 2 may have been built without the library that its own default needs.
    const auto use_plain_sockets = [](auto& any) {
        if constexpr (requires { any.useLibUV; }) any.useLibUV = false;
    };
    use_plain_sockets(options);
    return options;
}

bool is_this_machine(const std::string& address) {
    return address == "localhost" || address == "::1" || address.starts_with("127.");
}

/// Through which network this process is reached; GLOO_SOCKET_IFNAME names its interface, as in PyTorch.
std::shared_ptr<gloo::transport::Device> network_device(const std::string& address) {
    using Gloo = c10d::ProcessGroupGloo;
    if (const auto interface = variable("GLOO_SOCKET_IFNAME"); !interface.empty())
        return Gloo::createDeviceForInterface(interface);
    // A machine's own name does not always lead back to it.
    return is_this_machine(address) ? Gloo::createDeviceForHostname(address) : Gloo::createDefaultDevice();
}

class Group {
public:
    explicit Group(const Place& place)
        : place_(place), store_(c10::make_intrusive<c10d::TCPStore>(place.address, store_options(place))) {
        auto options = c10d::ProcessGroupGloo::Options::create(patience);
        options->devices.push_back(network_device(place.address));
        cpu_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, place.rank, place.count, options);
    }

    void sum(Tensor& tensor) {
        if (!tensor.is_cuda()) return reduce(*cpu_, tensor);
#ifdef MODESCOPE_NCCL
        reduce(cuda(), tensor);
#else
        auto copy = tensor.cpu();
        reduce(*cpu_, copy);
        tensor.copy_(copy);
#endif
    }

private:
    template <class Backend>
    static void reduce(Backend& backend, Tensor& tensor) {
        std::vector<Tensor> tensors{tensor};
        backend.allreduce(tensors)->wait();
    }

    Place place_;
    c10::intrusive_ptr<c10d::Store> store_;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> cpu_;

#ifdef MODESCOPE_NCCL
    /// Made when the first tensor asks for it: a training on the CPU takes no device.
    c10d::ProcessGroupNCCL& cuda() {
        if (!cuda_) {
            auto options = c10d::ProcessGroupNCCL::Options::create();
            options->timeout = patience;
            const auto store = c10::make_intrusive<c10d::PrefixStore>("nccl", store_);
            cuda_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place_.rank, place_.count, options);
        }
        return *cuda_;
    }

    c10::intrusive_ptr<c10d::ProcessGroupNCCL> cuda_;
#endif
};

std::function<void(Tensor&)> join(const Place& place) try {
    return [group = std::make_shared<Group>(place)](Tensor& tensor) { group->sum(tensor); };
} catch (const std::exception&) {
    throw Error(
        fmt::format("The {} processes of the training did not meet at {}:{}: see whether all of them "
                    "run, MASTER_ADDR leads to number 0's machine and MASTER_PORT is free there.",
                    place.count, place.address, place.port));
}

#else

std::function<void(Tensor&)> join(const Place& place) {
    throw Error(
        fmt::format("This program was built without Gloo, which {} processes need: install "
                    "libgloo-dev and build it again, or unset WORLD_SIZE and RANK.",
                    place.count));
}

#endif

}  // namespace

Processes Processes::from_environment() {
    Processes all;
    if (variable("WORLD_SIZE").empty() && variable("RANK").empty()) return all;
    all.count_ = number("WORLD_SIZE", 1, most_processes);
    all.rank_ = number("RANK", 0, all.count_ - 1);
    if (!variable("LOCAL_RANK").empty()) all.local_rank_ = number("LOCAL_RANK", 0, most_processes);
    if (all.count_ > 1) all.sum_ = join({needed("MASTER_ADDR"), meeting_port(), all.rank_, all.count_});
    return all;
}

void Processes::sum(Tensor tensor) const {
    if (!sum_) return;
    torch::NoGradGuard no_grad;
    try {
        sum_(tensor);
    } catch (const std::exception&) {
        throw Error(
            "Another process of this training has ended or does not answer: see what it said, then start all "
            "of them again with --resume.");
    }
}

void Processes::average(Tensor tensor) const {
    if (!sum_) return;
    sum(tensor);
    torch::NoGradGuard no_grad;
    tensor.div_(count_);
}

bool Processes::any(bool here) const {
    if (!sum_) return here;
    const auto count = torch::full({1}, here ? 1 : 0, torch::kLong);
    sum(count);
    return count.item<std::int64_t>() > 0;
}

Tensor Processes::gather(const Tensor& tensor) const {
    auto shape = tensor.sizes().vec();
    shape.insert(shape.begin(), count_);
    auto all = torch::zeros(shape, tensor.options());
    all[rank_].copy_(tensor);
    sum(all);
    return all;
}

void Processes::require_same(const std::string& settings) const {
    const auto digests = gather(torch::tensor(digest(settings), torch::kLong));
    if (!digests.eq(digests[0]).all().item<bool>())
        throw Error(
            "The processes of this training have different settings or checkpoints: start all of them with "
            "the same command.");
}

}  // namespace modescope
