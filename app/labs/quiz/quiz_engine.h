#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/labs/quiz/quiz_plan.h"
#include "core/sampling/sampler.h"

namespace modescope {

/// A quiz to be made.
struct QuizRequest {
    struct Entry {
        QuizModel model;
        std::shared_ptr<const Sampler> sampler;
    };
    std::vector<Entry> models;  ///< at least one; all of the same task, see same_task()
    QString title;
    int per_model = 12;
    int exposure = 0, break_every = 20;  ///< as in Quiz
    std::uint64_t seed = 1;
    QString reals;  ///< folder of real pictures; empty: held-out ones of what the models were trained on
};

/// A quiz and where it lives: FOLDER/quiz.json and FOLDER/ID.png.
struct StoredQuiz {
    QString folder;
    Quiz quiz;

    QString picture_path(const std::string& id) const;
};

/// Whether two models answer the same conditions with pictures of one size.
bool same_task(const Spec& a, const Spec& b);

/// Makes quizzes on one thread and reads, saves and scores them on another, so that no answer waits for a
/// quiz that is being made.
/// Every method belongs to the GUI thread and returns at once; calls to one thread are served in their order.
class QuizEngine : public QObject {
    Q_OBJECT
public:
    /// `root`: the folder that holds the quizzes' folders; made when needed.
    explicit QuizEngine(QString root, QObject* parent = nullptr);
    /// Gives up a quiz that is being made, and waits until all is saved.
    ~QuizEngine() override;

    void load(const QString& model_path);  ///< answers with loaded() or failed()
    void list();                           ///< answers with listed()
    void make(QuizRequest request);  ///< answers with progressed() …, then made(), cancelled() or failed()
    void cancel() { cancelled_ = true; }   ///< of make()
    void save(const StoredQuiz& stored);   ///< atomic; answers only when that fails
    void score(const StoredQuiz& stored);  ///< answers with scored() or failed()

signals:
    void loaded(const QString& path, const std::shared_ptr<const modescope::Sampler>& sampler);
    /// Newest first; `problems`: a sentence for each that cannot be read.
    void listed(const std::vector<modescope::StoredQuiz>& quizzes, const QStringList& problems);
    void progressed(int done, int count);
    void made(const modescope::StoredQuiz& stored);
    void cancelled();
    void scored(const QString& folder, const modescope::RealismScore& score);
    /// One sentence for the person.
    void failed(const QString& sentence);

private:
    class Worker;

    std::atomic<bool> cancelled_ = false;
    QThread drawing_, files_;
    Worker *artist_, *clerk_;  ///< live on them
};

}  // namespace modescope
