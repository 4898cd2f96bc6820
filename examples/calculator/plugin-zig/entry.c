/* What a macro has to write: the export and the note of the plugin in Zig. */

#include "example_calculator.h"

EXAMPLE_CALCULATOR_PROTOTYPES(calculator_open, calculator_close, calculator);

EXAMPLE_CALCULATOR_PLUGIN(calculator_zig, "1.0.0", calculator_open, calculator_close, calculator);
