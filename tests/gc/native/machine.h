/* The imports of the core are ordinary functions here (main.c). */
struct w2c_machine;
