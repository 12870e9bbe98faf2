// {fmt}, with its code in whatever includes this: no library has to be loaded when a program starts.
#pragma once

#define FMT_HEADER_ONLY
#include <fmt/format.h>
