#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/worlds/street_parts.h"

namespace modescope::street {

namespace {

/// Only panes that fit into a building whole, with some wall around them.
void find_windows(Scene& scene) {
    cv::Mat1i walls;
    cv::integral(scene.labels == Building, walls, CV_32S);
    const auto walled = [&](const cv::Rect& box) {
        const int sum =
            walls(box.br()) - walls(box.y, box.br().x) - walls(box.br().y, box.x) + walls(box.tl());
        return sum == 255 * box.area();
    };
    const cv::Point margin(scene.pixels(0.8), scene.pixels(0.8));
    for (int row = 0; (row + 1) * scene.cell.height <= scene.height; ++row) {
        for (int column = 0; (column + 1) * scene.cell.width <= scene.width; ++column) {
            const cv::Rect pane = scene.pane + cv::Point(column * scene.cell.width, row * scene.cell.height);
            const cv::Rect wall(pane.tl() - margin, pane.br() + margin);
            const bool inside = (wall & cv::Rect(0, 0, scene.width, scene.height)) == wall;
            if (!inside || !walled(wall)) continue;
            scene.windows(pane) = uchar(1 + (2 * row + 3 * column + row * column) % 4);
        }
    }
}

/// Per column where the skyline begins. Trees in front hide it: there it goes on as before.
std::vector<float> find_roof(const cv::Mat1b& labels) {
    std::vector<float> roof(labels.cols, 0.5f);
    for (int x = 0; x < labels.cols; ++x) {
        int y = 0;
        while (y < labels.rows && labels(y, x) == Sky) ++y;
        const bool hidden = x > 0 && y < labels.rows && labels(y, x) == Tree;
        roof[x] = hidden ? roof[x - 1] : static_cast<float>(y) / static_cast<float>(labels.rows);
    }
    return roof;
}

/// How much a blurred mask falls away from the light, which comes from the top left.
void find_volume(Scene& scene) {
    cv::Mat1f mask;
    cv::Mat(scene.labels == Tree).convertTo(mask, CV_32F, 1 / 255.0);
    cv::GaussianBlur(mask, mask, {}, 2.2 * scene.unit);
    const int step = scene.pixels(1.6);
    cv::copyMakeBorder(mask, mask, step, step, step, step, cv::BORDER_REPLICATE);
    const cv::Rect frame(0, 0, scene.width, scene.height);
    scene.volume = mask(frame + cv::Point(2 * step, 2 * step)) - mask(frame);
}

/// A connected piece of one class.
struct Piece {
    cv::Rect box;
    int area;
    int number;
};

struct Pieces {
    cv::Mat1i numbers;
    std::vector<Piece> list;
};

Pieces find_pieces(const cv::Mat1b& labels, int label) {
    Pieces pieces;
    cv::Mat stats, centres;
    const int count =
        cv::connectedComponentsWithStats(labels == label, pieces.numbers, stats, centres, 8, CV_32S);
    for (int number = 1; number < count; ++number) {
        const int* row = stats.ptr<int>(number);
        pieces.list.push_back(
            {{row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT]},
             row[cv::CC_STAT_AREA],
             number});
    }
    return pieces;
}

template <class Action>
void for_each_pixel(const Pieces& pieces, const Piece& piece, Action action) {
    for (int y = piece.box.y; y < piece.box.br().y; ++y) {
        for (int x = piece.box.x; x < piece.box.br().x; ++x) {
            if (pieces.numbers(y, x) == piece.number) action(y, x);
        }
    }
}

void find_places(const Pieces& pieces, cv::Mat2f& place) {
    for (const Piece& piece : pieces.list) {
        for_each_pixel(pieces, piece, [&](int y, int x) {
            place(y, x) = {(x + 0.5f - piece.box.x) / piece.box.width,
                           (y + 0.5f - piece.box.y) / piece.box.height};
        });
    }
}

/// Cars left of the middle come towards the viewer.
void find_oncoming(const Pieces& cars, cv::Mat1b& oncoming) {
    for (const Piece& car : cars.list) {
        if (2 * car.box.x + car.box.width >= oncoming.cols) continue;
        for_each_pixel(cars, car, [&](int y, int x) { oncoming(y, x) = 255; });
    }
}

/// Narrow runs of pixels in the lower third of a tree.
void find_trunks(const Pieces& trees, cv::Mat1b& trunks) {
    for (const Piece& tree : trees.list) {
        const double widest = 0.4 * std::min(tree.box.width, tree.box.height);
        for (int y = tree.box.y + tree.box.height * 2 / 3; y < tree.box.br().y; ++y) {
            for (int x = tree.box.x, start = x; x <= tree.box.br().x; ++x) {
                if (x < tree.box.br().x && trees.numbers(y, x) == tree.number) continue;
                if (x - start <= widest) trunks(cv::Range(y, y + 1), cv::Range(start, x)) = 255;
                start = x + 1;
            }
        }
    }
}

/// A flat ellipse at the foot of each thing, a little away from the light.
void add_shadows(const Pieces& pieces, double width, Scene& scene) {
    for (const Piece& piece : pieces.list) {
        if (piece.area < 8 * scene.unit * scene.unit) continue;
        const double radius = width * piece.box.width;
        const cv::Size radii(std::max(1, cvRound(radius)), std::max(1, cvRound(0.28 * radius)));
        const cv::Point foot(piece.box.x + piece.box.width / 2 + radii.width / 5, piece.box.br().y - 1);
        cv::ellipse(scene.shadow, foot, radii, 0, 0, 360, cv::Scalar(1), cv::FILLED);
    }
}

/// The ground is a little darker along the foot of buildings.
void add_wall_shadows(Scene& scene) {
    cv::Mat1f walls;
    cv::Mat(scene.labels == Building).convertTo(walls, CV_32F, 0.7 / 255);
    cv::GaussianBlur(walls, walls, {}, 1.5 * scene.unit);
    scene.shadow = cv::Mat(cv::max(cv::Mat(scene.shadow), cv::Mat(walls)));
}

}  // namespace

Scene::Scene(const LabelMap& layout)
    : width(layout.width),
      height(layout.height),
      unit(std::min(width, height) / 64.0),
      cell(std::max(4, cvRound(5 * unit)), std::max(4, cvRound(6 * unit))),
      pane(cell.width * 3 / 10, cell.height / 3, cell.width * 9 / 20, cell.height * 11 / 20),
      labels(cv::Mat1b(height, width, const_cast<std::uint8_t*>(layout.data.data()))),
      windows(labels.size(), uchar(0)),
      trunks(labels.size(), uchar(0)),
      oncoming(labels.size(), uchar(0)),
      shadow(labels.size(), 0.0f),
      place(labels.size(), cv::Vec2f()),
      roof(find_roof(labels)) {
    const Pieces trees = find_pieces(labels, Tree);
    const Pieces cars = find_pieces(labels, Car);
    const Pieces people = find_pieces(labels, Person);
    find_windows(*this);
    find_volume(*this);
    find_trunks(trees, trunks);
    find_places(cars, place);
    find_places(people, place);
    find_oncoming(cars, oncoming);
    cv::distanceTransform(labels == Car, inset, cv::DIST_L2, 3);
    add_shadows(trees, 0.4, *this);
    add_shadows(cars, 0.56, *this);
    add_shadows(people, 0.6, *this);
    cv::GaussianBlur(shadow, shadow, {}, 0.9 * unit);
    add_wall_shadows(*this);
}

int Scene::pixels(double units) const { return std::max(1, cvRound(units * unit)); }

}  // namespace modescope::street
