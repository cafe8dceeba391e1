#include "app/labs/quiz/quiz_engine.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>
#include <algorithm>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/failure.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/base/picture_file.h"
#include "core/folders/folder.h"
#include "core/metrics/realism_file.h"
#include "core/tasks/condition_file.h"

namespace modescope {
namespace {

constexpr std::uint64_t bootstrap_seed = 1;  // of quiz-score too, so that both say the same

std::string manifest(const QString& folder) { return (folder + "/quiz.json").toStdString(); }

/// Where conditions and real pictures come from: what no training has seen.
std::unique_ptr<PairSource> held_out_pairs(const Sampler& model, std::uint64_t seed) {
    const auto& data = model.spec().data;
    if (const auto* world = model.world()) return world_pairs(*world, task_settings(data), seed);
    return open_folder(data, static_cast<std::uint64_t>(model.spec().training.seed));
}

/// The pictures of a folder in random order, each cut square and scaled as the models' pictures are.
class RealFolder {
public:
    RealFolder(const QString& path, std::uint64_t seed)
        : path_(path),
          files_(QDir(path).entryList({"*.png", "*.jpg", "*.jpeg", "*.webp", "*.bmp"}, QDir::Files)) {
        Rng rng(seed);
        for (qsizetype i = files_.size(); i > 1; --i)
            files_.swapItemsAt(i - 1, rng.index(static_cast<int>(i)));
    }

    Image next(int size) {
        if (files_.isEmpty())
            throw Error(
                QuizEngine::tr("%1 has too few pictures for this quiz; choose another folder or fewer "
                               "pictures.")
                    .arg(path_)
                    .toStdString());
        return centre_square(read_image(QDir(path_).filePath(files_.takeFirst()).toStdString()), size);
    }

private:
    QString path_;
    QStringList files_;
};

}  // namespace

QString StoredQuiz::picture_path(const std::string& id) const {
    return folder + '/' + QString::fromStdString(id) + ".png";
}

bool same_task(const Spec& a, const Spec& b) {
    const auto key = [](const Spec& spec) {
        const auto& data = spec.data;
        return std::tuple(data.source, data.folder, data.task, data.classes, data.size, data.scale);
    };
    return key(a) == key(b);
}

/// The part that lives on an engine's thread; emits the engine's signals from there.
class QuizEngine::Worker : public QObject {
public:
    Worker(QuizEngine& engine, QString root) : engine_(engine), root_(std::move(root)) {}

    void load(const QString& path) {
        guarded([&] { emit engine_.loaded(path, Sampler::load(path.toStdString())); });
    }

    void list() {
        std::vector<StoredQuiz> quizzes;
        QStringList problems;
        for (const QString& name :
             QDir(root_).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
            const QString folder = root_ + '/' + name;
            if (!QFileInfo::exists(QString::fromStdString(manifest(folder)))) continue;  // was never finished
            try {
                const auto path = manifest(folder);
                quizzes.push_back({folder, quiz_from_json(parse_json(read_file(path), path), path)});
            } catch (const std::exception& error) {
                problems << QString::fromStdString(sentence_of(error));
            }
        }
        emit engine_.listed(quizzes, problems);
    }

    void make(const QuizRequest& request) {
        const QString folder = root_ + '/' + QDateTime::currentDateTime().toString("yyyy-MM-dd-hhmmss-zzz");
        bool made = true;
        guarded([&] {
            if (!QDir().mkpath(folder))
                throw Error(tr("Cannot make the folder %1.").arg(folder).toStdString());
            // Before anybody hears of it: who does may look into the folder.
            const auto undo = qScopeGuard([&] {
                if (!QFileInfo::exists(QString::fromStdString(manifest(folder))))
                    QDir(folder).removeRecursively();
            });
            made = draw(request, folder);
        });
        if (!made) emit engine_.cancelled();
    }

    void save(const StoredQuiz& stored) {
        guarded([&] { write_file(manifest(stored.folder), to_json(stored.quiz).dump(1) + "\n"); });
    }

    void score(const StoredQuiz& stored) {
        guarded([&] {
            Rng rng(bootstrap_seed);
            emit engine_.scored(stored.folder, score_realism(stored.quiz.answers, rng));
        });
    }

private:
    template <class Action>
    void guarded(Action action) {
        try {
            action();
        } catch (const std::exception& error) {
            emit engine_.failed(QString::fromStdString(sentence_of(error)));
        }
    }

    /// False: cancelled.
    bool draw(const QuizRequest& request, const QString& folder) {
        StoredQuiz stored{folder, plan(request)};
        const auto pairs = held_out_pairs(*request.models.front().sampler, request.seed);
        RealFolder reals(request.reals, request.seed);
        std::vector<QuizPicture> all = stored.quiz.practice;
        all.insert(all.end(), stored.quiz.pictures.begin(), stored.quiz.pictures.end());
        const int count = static_cast<int>(all.size());
        require_enough(*pairs, count, *request.models.front().sampler);
        for (int i = 0; i < count; ++i) {
            if (engine_.cancelled_) return false;
            emit engine_.progressed(i, count);
            write_image(stored.picture_path(all[i].id).toStdString(),
                        picture(request, all[i], *pairs, i, reals));
        }
        write_file(manifest(folder), to_json(stored.quiz).dump(1) + "\n");
        emit engine_.made(stored);
        return true;
    }

    static Quiz plan(const QuizRequest& request) {
        std::vector<QuizModel> models;
        for (const auto& entry : request.models) models.push_back(entry.model);
        Quiz quiz = plan_quiz(request.title.toStdString(), models, request.per_model, request.seed);
        quiz.exposure = request.exposure;
        quiz.break_every = request.break_every;
        return quiz;
    }

    static void require_enough(const PairSource& pairs, int count, const Sampler& model) {
        const auto* folder = dynamic_cast<const FolderPairs*>(&pairs);
        if (folder && folder->held_out_count() < count)
            throw Error(tr("%1 has %2 held-out pictures, and this quiz needs %3, so that none appears twice: "
                           "choose fewer models or fewer pictures of each.")
                            .arg(QString::fromStdString(model.spec().data.folder))
                            .arg(folder->held_out_count())
                            .arg(count)
                            .toStdString());
    }

    /// Every picture has a condition of its own, so that none tells anything about another.
    static Image picture(const QuizRequest& request, const QuizPicture& wanted, const PairSource& pairs,
                         int index, RealFolder& reals) {
        const auto& models = request.models;
        if (wanted.model == real_pictures && !request.reals.isEmpty())
            return reals.next(models.front().sampler->size());
        const auto pair = pairs.pair(Split::held_out, index);
        if (wanted.model == real_pictures) return pair.y;
        const auto entry = std::ranges::find_if(
            models, [&](const QuizRequest::Entry& each) { return each.model.name == wanted.model; });
        const std::uint64_t noise = Rng::at(request.seed, static_cast<std::uint64_t>(index)).next();
        return entry->sampler->sample(pair.x, std::span(&noise, 1)).front();
    }

    QuizEngine& engine_;
    QString root_;
};

QuizEngine::QuizEngine(QString root, QObject* parent)
    : QObject(parent), artist_(new Worker(*this, root)), clerk_(new Worker(*this, root)) {
    drawing_.setObjectName("quiz");
    files_.setObjectName("quiz files");
    for (auto [worker, thread] : {std::pair(artist_, &drawing_), std::pair(clerk_, &files_)}) {
        worker->moveToThread(thread);
        connect(thread, &QThread::finished, worker, &QObject::deleteLater);
        thread->start();
    }
    QMetaObject::invokeMethod(artist_, [] {
        use_threads(physical_cores());
        lower_thread_priority();
    });
}

QuizEngine::~QuizEngine() {
    cancelled_ = true;
    // Behind what still has to be saved.
    QMetaObject::invokeMethod(artist_, [this] { drawing_.quit(); });
    QMetaObject::invokeMethod(clerk_, [this] { files_.quit(); });
    drawing_.wait();
    files_.wait();
}

void QuizEngine::load(const QString& path) {
    QMetaObject::invokeMethod(artist_, [worker = artist_, path] { worker->load(path); });
}

void QuizEngine::list() {
    QMetaObject::invokeMethod(clerk_, [worker = clerk_] { worker->list(); });
}

void QuizEngine::make(QuizRequest request) {
    cancelled_ = false;
    QMetaObject::invokeMethod(artist_,
                              [worker = artist_, request = std::move(request)] { worker->make(request); });
}

void QuizEngine::save(const StoredQuiz& stored) {
    QMetaObject::invokeMethod(clerk_, [worker = clerk_, stored] { worker->save(stored); });
}

void QuizEngine::score(const StoredQuiz& stored) {
    QMetaObject::invokeMethod(clerk_, [worker = clerk_, stored] { worker->score(stored); });
}

}  // namespace modescope
