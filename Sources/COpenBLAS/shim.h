#pragma once
#include <cblas.h>
#include "plain_rows.h"
#include "row_product.h"
#include "sparse_rows.h"
