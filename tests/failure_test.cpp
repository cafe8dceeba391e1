// What the user is told of exceptions that no part of the program throws itself.
#include "core/base/failure.h"

#include <torch/torch.h>
#include <unistd.h>

#include <QTest>
#include <memory>
#include <new>
#include <vector>

#include "core/base/error.h"
#include "core/base/machine.h"

namespace modescope {

namespace {

/// What an action throws says this, whether for want of memory or not.
struct Failure {
    std::string sentence;
    bool of_memory = false;
};

template <class Action>
Failure failure_of(const Action& action) {
    try {
        action();
    } catch (const std::exception& error) {
        return {sentence_of(error), is_out_of_memory(error)};
    }
    return {};
}

/// In float32 values.
std::int64_t a_quarter_of_the_machine() {
    return std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE) / 16;
}

}  // namespace

class FailureTest : public QObject {
    Q_OBJECT

private slots:
    void an_errors_sentence_stays() {
        const auto failure = failure_of([] { throw Error("The file a.png is no picture."); });
        QCOMPARE(failure.sentence, std::string("The file a.png is no picture."));
        QVERIFY(!failure.of_memory);
    }

    void a_stack_of_calls_is_left_out() {
        const auto add_unlike = [] { torch::ones({2}) + torch::ones({3}); };
        const auto failure = failure_of(add_unlike);
        QVERIFY(failure.sentence.find("must match the size of tensor") != failure.sentence.npos);
        QVERIFY(failure.sentence.find("frame #") == failure.sentence.npos);
        QVERIFY(!failure.of_memory);
    }

    void more_memory_than_there_is_is_refused() {
        if (!limit_memory()) QSKIP("More is reserved already.");
        // Each would be granted; nothing of them is touched.
        std::vector<torch::Tensor> quarters;
        const auto failure = failure_of([&] {
            for (int i = 0; i < 8; ++i) quarters.push_back(torch::empty({a_quarter_of_the_machine()}));
        });
        QVERIFY(failure.of_memory);
    }

    void want_of_memory_says_what_to_lower() {
        constexpr auto more_than_any_machine_has = std::int64_t{1} << 50;
        const auto of_torch = failure_of([&] { torch::empty({more_than_any_machine_has}); });
        QVERIFY(of_torch.of_memory);
        QVERIFY(of_torch.sentence.find("training.batch") != of_torch.sentence.npos);
        QCOMPARE(of_torch.sentence.find('\n'), of_torch.sentence.npos);
        const auto of_the_library = failure_of([] { throw std::bad_alloc(); });
        QVERIFY(of_the_library.of_memory);
        QCOMPARE(of_the_library.sentence, of_torch.sentence);
    }
};

std::unique_ptr<QObject> failure_test() { return std::make_unique<FailureTest>(); }

}  // namespace modescope

#include "failure_test.moc"
