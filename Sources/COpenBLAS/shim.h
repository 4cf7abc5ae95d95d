#pragma once
#include <cblas.h>
#include "row_product.h"
#include "sparse_rows.h"
