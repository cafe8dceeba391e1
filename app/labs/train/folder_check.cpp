#include "app/labs/train/folder_check.h"

#include <exception>

#include "core/base/failure.h"
#include "core/base/machine.h"

namespace modescope {

FolderCheck::FolderCheck(QObject* parent) : QObject(parent), worker_(new QObject) {
    worker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    thread_.setObjectName("folder check");
    thread_.start();
    QMetaObject::invokeMethod(worker_, [] { lower_thread_priority(); });
}

FolderCheck::~FolderCheck() {
    cancel();
    thread_.quit();
    thread_.wait();
}

void FolderCheck::start(const QString& folder) {
    const quint64 number = ++newest_;
    QMetaObject::invokeMethod(worker_, [=, this, path = folder.toStdString()] { check(path, number); });
}

template <class Emit>
void FolderCheck::tell(quint64 number, Emit&& emit_it) {
    QMetaObject::invokeMethod(this, [=, this] {
        if (newest_ == number) emit_it();
    });
}

void FolderCheck::check(const std::string& folder, quint64 number) {
    try {
        const auto report = check_folder(folder, [&](double share) {
            tell(number, [this, share] { emit progressed(share); });
            return newest_ == number;
        });
        tell(number, [this, report] { emit done(report); });
    } catch (const std::exception& error) {
        tell(number,
             [this, sentence = QString::fromStdString(sentence_of(error))] { emit failed(sentence); });
    }
}

}  // namespace modescope
