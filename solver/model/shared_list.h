// A list whose elements are shared by its copies until one of them changes an element.
//
// To read it is to read a vector of constants. Who wants to change an element asks for it with Edit(), and gets a copy
// where somebody else holds the element, too: another list, or whoever keeps what it has found out about the element
// together with Shared(). So what is kept about an element stays true as long as it is held.
// Cost: a copy of the list is a pointer for each element; an Edit() is at most a copy of one element.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace picket::solver {

template <typename T>
class SharedList {
  using Pointers = std::vector<std::shared_ptr<const T>>;

 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    explicit const_iterator(typename Pointers::const_iterator at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return at_->get(); }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) { return const_iterator(at_++); }
    friend difference_type operator-(const_iterator a, const_iterator b) { return a.at_ - b.at_; }
    friend bool operator==(const_iterator, const_iterator) = default;

   private:
    typename Pointers::const_iterator at_;
  };
  using value_type = T;

  const_iterator begin() const { return const_iterator(elements_.begin()); }
  const_iterator end() const { return const_iterator(elements_.end()); }
  bool empty() const { return elements_.empty(); }
  size_t size() const { return elements_.size(); }
  const T& operator[](size_t i) const { return *elements_[i]; }
  const T& front() const { return *elements_.front(); }
  // The element as it is now, for who keeps something about it.
  const std::shared_ptr<const T>& Shared(size_t i) const { return elements_[i]; }

  // The element, to be changed; good until the list changes or is copied.
  T& Edit(size_t i) {
    std::shared_ptr<const T>& element = elements_[i];
    if (element.use_count() > 1) {
      element = std::make_shared<T>(*element);
    } else {
      std::atomic_thread_fence(std::memory_order_acquire);  // after the last reading of whoever else had it
    }
    return const_cast<T&>(*element);
  }
  T& Append(T element) {
    elements_.push_back(std::make_shared<T>(std::move(element)));
    return const_cast<T&>(*elements_.back());
  }
  void Erase(size_t i) { elements_.erase(elements_.begin() + static_cast<std::ptrdiff_t>(i)); }
  template <typename Condition>
  void EraseIf(const Condition& condition) {
    std::erase_if(elements_, [&](const std::shared_ptr<const T>& element) { return condition(*element); });
  }
  void Clear() { elements_.clear(); }

 private:
  Pointers elements_;  // each made as a T that may change
};

}  // namespace picket::solver
